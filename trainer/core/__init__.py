"""What every feature stands on: model base, transactions, texts, access, forms. Knows no feature."""
