CREATE TABLE "payment_transactions" (
	"order_id" text NOT NULL,
	"sequence" bigint NOT NULL,
	"customer_id" text,
	"kind" text NOT NULL,
	"method" text NOT NULL,
	"provider" text NOT NULL,
	"provider_ref" text,
	"amount_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"refund_id" text,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payment_transactions_order_id_sequence_pk" PRIMARY KEY("order_id","sequence"),
	CONSTRAINT "payment_transactions_kind_check" CHECK ("payment_transactions"."kind" IN ('requested', 'authorized', 'declined', 'captured', 'voided', 'refunded', 'settled')),
	CONSTRAINT "payment_transactions_amount_minor_check" CHECK ("payment_transactions"."amount_minor" >= 0),
	CONSTRAINT "payment_transactions_currency_check" CHECK ("payment_transactions"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "customer_id" text;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "settled_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "payment_transactions_customer_id_at_index" ON "payment_transactions" USING btree ("customer_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "payment_transactions_at_index" ON "payment_transactions" USING btree ("at" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_settled_minor_check" CHECK ("payments"."settled_minor" BETWEEN 0 AND "payments"."captured_minor");