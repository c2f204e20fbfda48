-- OAuth clients. Their secrets are SHA-256 sums of random texts.

create table if not exists client (
    id            text    primary key,
    name          text    not null,
    secrets       text    not null,
    auth          text    not null,
    redirect_uris text    not null,
    logout_uris   text    not null,
    grant_types   text    not null,
    scopes        text    not null,
    resources     text    not null,
    id_token_alg  text    not null,
    access_jwt    boolean not null,
    first_party   boolean not null,
    always_groups boolean not null,
    pkce_optional boolean not null,
    introspect    boolean not null,
    claim_filter  text    not null,
    disabled      bigint  not null,
    seq           bigint  not null
);
