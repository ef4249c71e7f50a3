"""`python -m bot.staff`: the console as a process of its own, as `clonus run` starts it."""

from bot.quiet import be_quiet
from bot.settings import settings
from bot.staff.serving import serve

be_quiet()
serve(settings())
