"""Approval, and the platform's Test & Enable, for a group of mailboxes: in waves, waited for together.

Sources: https://learn.microsoft.com/power-platform/admin/connect-exchange-online (approval, Test & Enable) and
https://learn.microsoft.com/power-platform/admin/troubleshooting-monitoring-server-side-synchronization (alerts).
"""
