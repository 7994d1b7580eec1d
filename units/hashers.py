from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """argon2id at OWASP's minimum (m = 19 MiB, t = 2, p = 1): Django's setting gives 10 logins a second on 2 cores."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
