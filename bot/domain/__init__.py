"""What Chaperone knows and decides, in plain values. Imports the standard library only; never awaits."""
