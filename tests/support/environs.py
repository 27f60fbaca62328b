"""Give the complete settings of a production installation, as its environment has them."""

MAILBOX = "imaps://intake%40example.org@mail.example.org/INBOX"
MAILBOX_PASSWORD = {"AVRR_MAILBOX_REFERRALS_PASSWORD_FILE": "/run/secrets/mail"}
PRODUCTION = {
    "AVRR_ENV": "production",
    "AVRR_MASTER_KEY_FILE": "/run/secrets/master",
    "AVRR_SECRET_KEY_FILE": "/run/secrets/cookie",
    "AVRR_PUBLIC_URL": "https://portal.example.org",
    "AVRR_TRUSTED_PROXIES": "1",
    "AVRR_CLAMD_URL": "unix:///run/clamav/clamd.ctl",
    "AVRR_AUTHSERV_ID": "mx.example.org",
    "AVRR_MAILBOX_REFERRALS_URL": MAILBOX,
    **MAILBOX_PASSWORD,
    "AVRR_SMTP_URL": "smtp+starttls://mail.example.org",
    "AVRR_MAIL_FROM": "noreply@example.org",
}
