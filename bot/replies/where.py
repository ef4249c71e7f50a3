"""Put the numbers of the person's region into texts, and list those a page turns into links."""

from __future__ import annotations

from dataclasses import replace

from bot.replies.content import Content
from bot.replies.reply import Reply
from knowledge.regions import Region

CRISIS_CATEGORY = "suicidal-thoughts-or-self-harm"
ABUSE_CATEGORY = "abuse-or-unsafe-at-home"
POISON_CATEGORY = "baclofen-overdose"

YOUR_NUMBER = "your emergency number"
"""What topics call it: they are the same everywhere."""


def region_for(content: Content, region: str | None) -> Region:
    """The region the person named, else the service's own, else the unknown one."""
    return content.regions.get(region or content.here.region)


def told_region(content: Content, text: str) -> str | None:
    """The region that a message says the person is in ("UK. Dad's brace rubs"); None when it says none."""
    region = content.regions.told_in(text)
    return region.region if region is not None else None


def filled(content: Content, text: str, region: str | None) -> str:
    """`text` with every placeholder replaced by what holds in the region."""
    here = region_for(content, region)
    values = {
        **here.say.dict(),
        "emergency_text": here.emergency_text or "",
        "health_advice": f"{here.health_advice.rstrip('.')}." if here.health_advice else "",
        "days": str(content.here.keep_days),
        "human": content.here.human_contact or content.fixed["human-unset"].text,
    }
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text.strip()


def with_number(content: Content, reply: Reply, region: str | None) -> Reply:
    """An answer of the library with the emergency number itself behind the first YOUR_NUMBER, where it is known."""
    here = region_for(content, region)
    if not here.known or YOUR_NUMBER not in reply.text:
        return reply
    return replace(reply, text=reply.text.replace(YOUR_NUMBER, f"{YOUR_NUMBER} ({here.say.emergency})", 1))


def numbers_to_call(content: Content, region: str | None, category: str | None) -> list[dict[str, str]]:
    """Label and number of whom to call, most important first; empty when the region is not known."""
    here = region_for(content, region)
    if not here.known:
        return []
    numbers = [{"label": "Emergency", "number": here.say.emergency}]
    extra = {CRISIS_CATEGORY: ("Crisis line", here.say.crisis), ABUSE_CATEGORY: ("Abuse helpline", here.say.abuse),
             POISON_CATEGORY: ("Poison line", here.say.poison)}  # fmt: skip
    if category in extra:
        label, number = extra[category]
        numbers.append({"label": label, "number": number})
    return numbers
