CREATE TABLE products (
    id    bigint         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku   text           NOT NULL UNIQUE,
    name  text           NOT NULL,
    price numeric(10, 2) NOT NULL CHECK (price > 0)
);

-- Apart from products: this row is written by every order, that one by nobody.
CREATE TABLE stock (
    product_id bigint  PRIMARY KEY REFERENCES products,
    quantity   integer NOT NULL CHECK (quantity >= 0)
);

CREATE TABLE orders (
    id        bigint         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer  text           NOT NULL,
    status    text           NOT NULL CHECK (status IN ('PLACED', 'CONFIRMED')),
    total     numeric(12, 2) NOT NULL,
    placed_at timestamptz    NOT NULL DEFAULT now()
);

CREATE INDEX orders_placed_at ON orders (placed_at);

CREATE TABLE order_lines (
    order_id   bigint         NOT NULL REFERENCES orders,
    line       integer        NOT NULL,
    product_id bigint         NOT NULL REFERENCES products,
    quantity   integer        NOT NULL CHECK (quantity > 0),
    unit_price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, line)
);

INSERT INTO products (sku, name, price) VALUES
    ('tea-green',    'Green tea, 100 g',      6.50),
    ('tea-black',    'Black tea, 100 g',      5.90),
    ('tea-oolong',   'Oolong, 50 g',          9.80),
    ('tea-barley',   'Roasted barley, 500 g', 4.20),
    ('coffee-house', 'House blend, 250 g',    8.90),
    ('coffee-decaf', 'Decaf, 250 g',          9.40),
    ('coffee-kenya', 'Kenya AA, 250 g',      12.50),
    ('cocoa',        'Cocoa, 200 g',          5.40),
    ('mug-white',    'White mug',            11.00),
    ('mug-blue',     'Blue mug',             11.00),
    ('pot-glass',    'Glass pot, 1 l',       34.00),
    ('pot-iron',     'Iron pot, 0.6 l',      59.00),
    ('filter-paper', 'Paper filters, 100',    3.20),
    ('filter-steel', 'Steel filter',         14.50),
    ('honey',        'Acacia honey, 250 g',   7.80),
    ('biscuit',      'Ginger biscuits',       3.90);

INSERT INTO stock (product_id, quantity) SELECT id, 5000 FROM products;
