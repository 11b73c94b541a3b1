"""Tests of the probe room, against real peers on loopback."""
