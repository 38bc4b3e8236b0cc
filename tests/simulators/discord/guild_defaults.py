"""Guild fields that no simulated action changes. Source: Guild resource."""

from .json_types import Json

GUILD_DEFAULTS: Json = {
    "icon": None,
    "splash": None,
    "discovery_splash": None,
    "afk_channel_id": None,
    "afk_timeout": 300,
    "verification_level": 1,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "emojis": [],
    "features": [],
    "mfa_level": 0,
    "application_id": None,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "vanity_url_code": None,
    "description": None,
    "banner": None,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "public_updates_channel_id": None,
    "max_members": 500000,
    "nsfw_level": 0,
    "premium_progress_bar_enabled": False,
    "safety_alerts_channel_id": None,
    "incidents_data": None,
    "stickers": [],
    "region": "deprecated",
}
"""What a plain guild without boosts or community features has."""
