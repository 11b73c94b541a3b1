"""Certificates of public CAs judged by another program's rules, in a process of their own: slow, and only on demand."""
