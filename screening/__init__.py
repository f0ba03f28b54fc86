"""What may be treated: questions, rules and answers. Knows no patient, clinic or staff."""
