-- One row per authorization, with everything that comes of it; tokens have no
-- rows. The columns a refresh writes stand in no index.

create table if not exists token_grant (
    id           text   primary key,
    kind         text   not null,
    client       text   not null,
    member       text   not null,
    session      text   not null,
    requested    text   not null,
    scopes       text   not null,
    audience     text   not null,
    redirect_uri text   not null,
    nonce        text   not null,
    challenge    text   not null,
    claims       text   not null,
    auth_time    bigint not null,
    amr          text   not null,
    acr          bigint not null,
    created      bigint not null,
    code_expires bigint not null,
    spent        bigint not null,
    generation   bigint not null,
    rotated      bigint not null,
    idle_until   bigint not null,
    expires      bigint not null,
    ended        bigint not null,
    end_reason   text   not null
);

create index if not exists token_grant_member on token_grant (member) where member <> '';

create index if not exists token_grant_session on token_grant (session) where session <> '';

create index if not exists token_grant_expires on token_grant (expires);

create index if not exists token_grant_ended on token_grant (ended) where ended > 0;

create table if not exists used_jti (
    scope   text   not null,
    jti     text   not null,
    expires bigint not null,
    primary key (scope, jti)
);

create index if not exists used_jti_expires on used_jti (expires);
