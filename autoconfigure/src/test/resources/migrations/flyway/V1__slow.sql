CREATE TABLE slow_flyway (id int);
SELECT pg_sleep(1.5);
INSERT INTO slow_flyway VALUES (1);
