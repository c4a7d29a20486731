"""Small tools that know no word of the domain: clock, dates, http, claims, files, env."""
