CREATE TABLE users_kennels (name VARCHAR(40));
