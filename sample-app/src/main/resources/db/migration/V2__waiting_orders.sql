-- Orders that nobody has confirmed yet are looked for every few seconds, and are few.
CREATE INDEX orders_waiting ON orders (placed_at) WHERE status = 'PLACED';
