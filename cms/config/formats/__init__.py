"""How dates are written in the admin, by language; what is not named here is Django's."""
