"""The wire to Exchange: typed verbs in `interface`, several transports below them, and filters by meaning."""
