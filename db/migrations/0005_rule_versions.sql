CREATE TABLE "rule_versions" (
	"kind" text NOT NULL,
	"scope_id" text NOT NULL,
	"version" bigint NOT NULL,
	"rules" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rule_versions_kind_scope_id_version_pk" PRIMARY KEY("kind","scope_id","version"),
	CONSTRAINT "rule_versions_kind_check" CHECK ("rule_versions"."kind" IN ('charges', 'fulfilment')),
	CONSTRAINT "rule_versions_version_check" CHECK ("rule_versions"."version" > 0),
	CONSTRAINT "rule_versions_rules_check" CHECK (jsonb_typeof("rule_versions"."rules") = 'object')
);
