from units.duties import Duty


def of(user) -> list[Duty]:
    return []
