ALTER TABLE "orders" ADD COLUMN "stuck_step" text;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "stuck_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "promise_at_risk_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "promise_broken_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "orders_stuck_at_index" ON "orders" USING btree ("stuck_at","id") WHERE "orders"."stuck_at" IS NOT NULL;