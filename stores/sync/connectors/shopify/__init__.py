"""Everything Storehand knows about Shopify's webhooks."""
