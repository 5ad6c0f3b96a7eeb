"""The forms of people, rights, sites and sign-in."""
