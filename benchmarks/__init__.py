"""What the emulator can bear, and how long it takes: `make bench`."""
