"""A small chain to play with: places, people, goods and a shop, written by `manage.py demo_chain`.

Everything is derived from the words in these modules, so two runs make the same chain and the second finds it complete.
"""
