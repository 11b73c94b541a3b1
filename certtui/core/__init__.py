"""What is known about a certificate chain and what it means; pure: no sockets, files, threads or clock."""
