ALTER TABLE "products" ADD COLUMN "temperature_zone" text DEFAULT 'ambient' NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "fragile" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "grams_per_unit" integer;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "brand" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "allergens" text[];--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_temperature_zone_check" CHECK ("products"."temperature_zone" IN ('ambient', 'chilled', 'frozen'));--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_grams_per_unit_check" CHECK ("products"."grams_per_unit" > 0);--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_brand_check" CHECK (length("products"."brand") BETWEEN 1 AND 100);