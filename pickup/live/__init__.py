"""The live server: tells boards that something changed in their store. See README.md of the app."""
