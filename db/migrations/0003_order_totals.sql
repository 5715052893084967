ALTER TABLE "orders" DROP CONSTRAINT "orders_amounts_check";--> statement-breakpoint
ALTER TABLE "orders" DROP CONSTRAINT "orders_total_minor_check";--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "discount_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "small_cart_fee_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "surge_fee_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "tax_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "tax_included" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "tip_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_discount_minor_check" CHECK ("order_lines"."discount_minor" BETWEEN 0 AND "order_lines"."total_minor");--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_amounts_check" CHECK ("orders"."items_minor" >= 0 AND "orders"."delivery_fee_minor" >= 0 AND "orders"."discount_minor" >= 0 AND "orders"."small_cart_fee_minor" >= 0 AND "orders"."surge_fee_minor" >= 0 AND "orders"."tax_minor" >= 0 AND "orders"."tip_minor" >= 0 AND "orders"."total_minor" >= 0 AND "orders"."final_minor" >= 0);--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_total_minor_check" CHECK ("orders"."total_minor" = "orders"."items_minor" - "orders"."discount_minor" + "orders"."small_cart_fee_minor" + "orders"."delivery_fee_minor" + "orders"."surge_fee_minor" + "orders"."tip_minor" + CASE WHEN "orders"."tax_included" THEN 0 ELSE "orders"."tax_minor" END);