"""What gunicorn serves. It refuses to start on unsafe ground (rule R02) instead of serving and losing."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "namkhong.settings")
application = get_wsgi_application()

from namkhong.checks import refuse_unsafe_ground  # noqa: E402 - the checks need the loaded apps

refuse_unsafe_ground()
