CREATE TABLE users (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text        NOT NULL UNIQUE,
    signed_up_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE logins (
    token        uuid        PRIMARY KEY,
    user_id      bigint      NOT NULL REFERENCES users,
    logged_in_at timestamptz NOT NULL DEFAULT now()
);
