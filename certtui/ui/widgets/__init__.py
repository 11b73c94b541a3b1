"""Panes and lines; each is given frozen values and sends messages up."""
