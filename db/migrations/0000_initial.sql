CREATE SEQUENCE "public"."in_store_code_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9999999999 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."network_version_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "addresses" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"city_id" text,
	"label" text NOT NULL,
	"line" text NOT NULL,
	"postal_code" text,
	"lat" double precision NOT NULL,
	"lng" double precision NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "addresses_lat_lng_check" CHECK ("addresses"."lat" BETWEEN -90 AND 90 AND "addresses"."lng" BETWEEN -180 AND 180),
	CONSTRAINT "addresses_line_check" CHECK (length("addresses"."line") BETWEEN 1 AND 300)
);
--> statement-breakpoint
CREATE TABLE "barcodes" (
	"code" text PRIMARY KEY NOT NULL,
	"sku" text NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "barcodes_kind_check" CHECK ("barcodes"."kind" IN ('ean13', 'ean8', 'upca', 'in_store')),
	CONSTRAINT "barcodes_code_check" CHECK ("barcodes"."code" ~ CASE "barcodes"."kind" WHEN 'ean8' THEN '^[0-9]{8}$' WHEN 'upca' THEN '^[0-9]{12}$' WHEN 'in_store' THEN '^20[0-9]{11}$' ELSE '^[0-9]{13}$' END)
);
--> statement-breakpoint
CREATE TABLE "catalog_versions" (
	"store_id" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "catalog_versions_version_check" CHECK ("catalog_versions"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "categories" (
	"id" text PRIMARY KEY NOT NULL,
	"parent_id" text,
	"name" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "categories_parent_id_name_unique" UNIQUE NULLS NOT DISTINCT("parent_id","name"),
	CONSTRAINT "categories_parent_id_check" CHECK ("categories"."parent_id" <> "categories"."id"),
	CONSTRAINT "categories_name_check" CHECK (length("categories"."name") BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE TABLE "cities" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"country_code" text NOT NULL,
	"currency" char(3) NOT NULL,
	"timezone" text NOT NULL,
	"sla_minutes" integer DEFAULT 20 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cities_id_check" CHECK ("cities"."id" ~ '^cit_[0-9A-HJKMNP-TV-Z]{26}$'),
	CONSTRAINT "cities_currency_check" CHECK ("cities"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "cities_country_code_check" CHECK ("cities"."country_code" ~ '^[A-Z]{2}$'),
	CONSTRAINT "cities_sla_minutes_check" CHECK ("cities"."sla_minutes" BETWEEN 1 AND 240)
);
--> statement-breakpoint
CREATE TABLE "consumer_offsets" (
	"group" text NOT NULL,
	"topic" text NOT NULL,
	"partition" integer NOT NULL,
	"next_offset" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consumer_offsets_group_topic_partition_pk" PRIMARY KEY("group","topic","partition"),
	CONSTRAINT "consumer_offsets_partition_check" CHECK ("consumer_offsets"."partition" >= 0),
	CONSTRAINT "consumer_offsets_next_offset_check" CHECK ("consumer_offsets"."next_offset" >= 0)
);
--> statement-breakpoint
CREATE TABLE "couriers" (
	"id" text PRIMARY KEY NOT NULL,
	"zone_id" text NOT NULL,
	"name" text NOT NULL,
	"phone" text NOT NULL,
	"vehicle_type" text NOT NULL,
	"vehicle_number" text,
	"max_concurrent_orders" integer DEFAULT 1 NOT NULL,
	"rating" numeric(3, 2),
	"total_deliveries" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'ACTIVE' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "couriers_phone_unique" UNIQUE("phone"),
	CONSTRAINT "couriers_id_check" CHECK ("couriers"."id" ~ '^cou_[0-9A-HJKMNP-TV-Z]{26}$'),
	CONSTRAINT "couriers_vehicle_type_check" CHECK ("couriers"."vehicle_type" IN ('BIKE', 'BICYCLE', 'SCOOTER', 'WALK')),
	CONSTRAINT "couriers_max_concurrent_orders_check" CHECK ("couriers"."max_concurrent_orders" BETWEEN 1 AND 10),
	CONSTRAINT "couriers_rating_check" CHECK ("couriers"."rating" BETWEEN 0 AND 5),
	CONSTRAINT "couriers_total_deliveries_check" CHECK ("couriers"."total_deliveries" >= 0),
	CONSTRAINT "couriers_status_check" CHECK ("couriers"."status" IN ('ACTIVE', 'INACTIVE', 'SUSPENDED'))
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"group" text NOT NULL,
	"topic" text NOT NULL,
	"partition" integer NOT NULL,
	"record_offset" bigint NOT NULL,
	"key" "bytea",
	"value" "bytea",
	"subject" text,
	"sequence" bigint,
	"code" text NOT NULL,
	"detail" text NOT NULL,
	"status" text DEFAULT 'PARKED' NOT NULL,
	"parked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "dead_letters_group_topic_partition_record_offset_pk" PRIMARY KEY("group","topic","partition","record_offset"),
	CONSTRAINT "dead_letters_status_check" CHECK ("dead_letters"."status" IN ('PARKED', 'REPLAYED', 'DISCARDED')),
	CONSTRAINT "dead_letters_record_offset_check" CHECK ("dead_letters"."record_offset" >= 0)
);
--> statement-breakpoint
CREATE TABLE "embedded_log_heads" (
	"topic" text NOT NULL,
	"partition" integer NOT NULL,
	"next_offset" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "embedded_log_heads_topic_partition_pk" PRIMARY KEY("topic","partition"),
	CONSTRAINT "embedded_log_heads_partition_check" CHECK ("embedded_log_heads"."partition" >= 0),
	CONSTRAINT "embedded_log_heads_next_offset_check" CHECK ("embedded_log_heads"."next_offset" >= 0)
);
--> statement-breakpoint
CREATE TABLE "embedded_log" (
	"topic" text NOT NULL,
	"partition" integer NOT NULL,
	"record_offset" bigint NOT NULL,
	"key" "bytea",
	"value" "bytea",
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "embedded_log_topic_partition_record_offset_pk" PRIMARY KEY("topic","partition","record_offset"),
	CONSTRAINT "embedded_log_record_offset_check" CHECK ("embedded_log"."record_offset" >= 0)
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"order_id" text NOT NULL,
	"line_no" integer NOT NULL,
	"sku" text NOT NULL,
	"name" text NOT NULL,
	"quantity" integer NOT NULL,
	"unit_price_minor" bigint NOT NULL,
	"total_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	CONSTRAINT "order_lines_order_id_line_no_pk" PRIMARY KEY("order_id","line_no"),
	CONSTRAINT "order_lines_line_no_check" CHECK ("order_lines"."line_no" >= 0),
	CONSTRAINT "order_lines_quantity_check" CHECK ("order_lines"."quantity" > 0),
	CONSTRAINT "order_lines_unit_price_minor_check" CHECK ("order_lines"."unit_price_minor" >= 0),
	CONSTRAINT "order_lines_total_minor_check" CHECK ("order_lines"."total_minor" = "order_lines"."unit_price_minor" * "order_lines"."quantity"),
	CONSTRAINT "order_lines_currency_check" CHECK ("order_lines"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "order_status_history" (
	"order_id" text NOT NULL,
	"sequence" bigint NOT NULL,
	"from_status" text,
	"status" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"changed_by_kind" text NOT NULL,
	"changed_by_id" text NOT NULL,
	"reason" text,
	CONSTRAINT "order_status_history_order_id_sequence_pk" PRIMARY KEY("order_id","sequence"),
	CONSTRAINT "order_status_history_from_status_check" CHECK ("order_status_history"."from_status" IN ('PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE', 'PICKING', 'PACKED', 'ASSIGNED_TO_PARTNER', 'PICKED_UP', 'IN_TRANSIT', 'DELIVERED', 'CLOSED', 'CANCELLED', 'REFUNDED')),
	CONSTRAINT "order_status_history_status_check" CHECK ("order_status_history"."status" IN ('PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE', 'PICKING', 'PACKED', 'ASSIGNED_TO_PARTNER', 'PICKED_UP', 'IN_TRANSIT', 'DELIVERED', 'CLOSED', 'CANCELLED', 'REFUNDED'))
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" text PRIMARY KEY NOT NULL,
	"order_number" text NOT NULL,
	"customer_id" text NOT NULL,
	"zone_id" text NOT NULL,
	"store_id" text,
	"courier_id" text,
	"status" text NOT NULL,
	"currency" char(3) NOT NULL,
	"items_minor" bigint NOT NULL,
	"delivery_fee_minor" bigint NOT NULL,
	"discount_minor" bigint DEFAULT 0 NOT NULL,
	"total_minor" bigint NOT NULL,
	"final_minor" bigint,
	"payment_method" text NOT NULL,
	"promised_at" timestamp (3) with time zone NOT NULL,
	"cancel_reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"assigned_at" timestamp (3) with time zone,
	"picking_started_at" timestamp (3) with time zone,
	"packed_at" timestamp (3) with time zone,
	"courier_assigned_at" timestamp (3) with time zone,
	"picked_up_at" timestamp (3) with time zone,
	"departed_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"refunded_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "orders_order_number_unique" UNIQUE("order_number"),
	CONSTRAINT "orders_order_number_check" CHECK (length("orders"."order_number") BETWEEN 1 AND 20),
	CONSTRAINT "orders_status_check" CHECK ("orders"."status" IN ('PENDING', 'CONFIRMED', 'ASSIGNED_TO_STORE', 'PICKING', 'PACKED', 'ASSIGNED_TO_PARTNER', 'PICKED_UP', 'IN_TRANSIT', 'DELIVERED', 'CLOSED', 'CANCELLED', 'REFUNDED')),
	CONSTRAINT "orders_currency_check" CHECK ("orders"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "orders_amounts_check" CHECK ("orders"."items_minor" >= 0 AND "orders"."delivery_fee_minor" >= 0 AND "orders"."discount_minor" >= 0 AND "orders"."total_minor" >= 0 AND "orders"."final_minor" >= 0),
	CONSTRAINT "orders_total_minor_check" CHECK ("orders"."total_minor" = "orders"."items_minor" + "orders"."delivery_fee_minor" - "orders"."discount_minor"),
	CONSTRAINT "orders_version_check" CHECK ("orders"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"order_id" text PRIMARY KEY NOT NULL,
	"method" text NOT NULL,
	"provider" text NOT NULL,
	"provider_ref" text,
	"status" text NOT NULL,
	"currency" char(3) NOT NULL,
	"requested_minor" bigint DEFAULT 0 NOT NULL,
	"authorized_minor" bigint DEFAULT 0 NOT NULL,
	"captured_minor" bigint DEFAULT 0 NOT NULL,
	"refunded_minor" bigint DEFAULT 0 NOT NULL,
	"reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "payments_status_check" CHECK ("payments"."status" IN ('REQUESTED', 'AUTHORIZED', 'DECLINED', 'CAPTURED', 'VOIDED', 'PARTIALLY_REFUNDED', 'REFUNDED')),
	CONSTRAINT "payments_currency_check" CHECK ("payments"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "payments_amounts_check" CHECK ("payments"."requested_minor" >= 0 AND "payments"."authorized_minor" >= 0 AND "payments"."captured_minor" >= 0 AND "payments"."refunded_minor" >= 0),
	CONSTRAINT "payments_refunded_minor_check" CHECK ("payments"."refunded_minor" <= "payments"."captured_minor"),
	CONSTRAINT "payments_version_check" CHECK ("payments"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "price_history" (
	"store_id" text NOT NULL,
	"sku" text NOT NULL,
	"version" bigint NOT NULL,
	"price_minor" bigint NOT NULL,
	"mrp_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "price_history_store_id_sku_version_pk" PRIMARY KEY("store_id","sku","version"),
	CONSTRAINT "price_history_price_minor_check" CHECK ("price_history"."price_minor" >= 0),
	CONSTRAINT "price_history_mrp_minor_check" CHECK ("price_history"."mrp_minor" >= "price_history"."price_minor"),
	CONSTRAINT "price_history_currency_check" CHECK ("price_history"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" text PRIMARY KEY NOT NULL,
	"category_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"unit" text NOT NULL,
	"size" text NOT NULL,
	"image_url" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "products_id_check" CHECK ("products"."id" ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
	CONSTRAINT "products_name_check" CHECK (length("products"."name") BETWEEN 1 AND 255),
	CONSTRAINT "products_description_check" CHECK (length("products"."description") <= 2000),
	CONSTRAINT "products_unit_check" CHECK (length("products"."unit") BETWEEN 1 AND 50),
	CONSTRAINT "products_size_check" CHECK (length("products"."size") BETWEEN 1 AND 50)
);
--> statement-breakpoint
CREATE TABLE "stock_levels" (
	"store_id" text NOT NULL,
	"sku" text NOT NULL,
	"received" integer NOT NULL,
	"adjusted" integer NOT NULL,
	"transferred_in" integer NOT NULL,
	"available" integer NOT NULL,
	"blocked" integer NOT NULL,
	"held" integer NOT NULL,
	"allocated" integer NOT NULL,
	"picked" integer NOT NULL,
	"sold" integer NOT NULL,
	"written_off" integer NOT NULL,
	"transferred_out" integer NOT NULL,
	"version" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stock_levels_store_id_sku_pk" PRIMARY KEY("store_id","sku"),
	CONSTRAINT "stock_levels_conservation_check" CHECK ("stock_levels"."received" + "stock_levels"."adjusted" + "stock_levels"."transferred_in" = "stock_levels"."available" + "stock_levels"."blocked" + "stock_levels"."held" + "stock_levels"."allocated" + "stock_levels"."picked" + "stock_levels"."sold" + "stock_levels"."written_off" + "stock_levels"."transferred_out"),
	CONSTRAINT "stock_levels_not_negative_check" CHECK (least("stock_levels"."received", "stock_levels"."transferred_in", "stock_levels"."available", "stock_levels"."blocked", "stock_levels"."held", "stock_levels"."allocated", "stock_levels"."picked", "stock_levels"."sold", "stock_levels"."written_off", "stock_levels"."transferred_out") >= 0),
	CONSTRAINT "stock_levels_version_check" CHECK ("stock_levels"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "stock_movements" (
	"store_id" text NOT NULL,
	"sku" text NOT NULL,
	"sequence" bigint NOT NULL,
	"type" text NOT NULL,
	"quantity" integer NOT NULL,
	"reason" text,
	"op_id" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"hold_id" text,
	"order_id" text,
	"available_after" integer NOT NULL,
	"moved_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stock_movements_store_id_sku_sequence_pk" PRIMARY KEY("store_id","sku","sequence"),
	CONSTRAINT "stock_movements_sequence_check" CHECK ("stock_movements"."sequence" > 0),
	CONSTRAINT "stock_movements_quantity_check" CHECK ("stock_movements"."quantity" >= 0 OR "stock_movements"."type" = 'stock.adjusted')
);
--> statement-breakpoint
CREATE TABLE "store_assortment" (
	"store_id" text NOT NULL,
	"sku" text NOT NULL,
	"price_minor" bigint NOT NULL,
	"mrp_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"bin" text NOT NULL,
	"for_sale" boolean DEFAULT true NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_assortment_store_id_sku_pk" PRIMARY KEY("store_id","sku"),
	CONSTRAINT "store_assortment_price_minor_check" CHECK ("store_assortment"."price_minor" >= 0),
	CONSTRAINT "store_assortment_mrp_minor_check" CHECK ("store_assortment"."mrp_minor" >= "store_assortment"."price_minor"),
	CONSTRAINT "store_assortment_currency_check" CHECK ("store_assortment"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "store_assortment_bin_check" CHECK ("store_assortment"."bin" ~ '^[A-Z][0-9]{2}-[0-9]{1,2}-[0-9]{1,2}$'),
	CONSTRAINT "store_assortment_version_check" CHECK ("store_assortment"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "stores" (
	"id" text PRIMARY KEY NOT NULL,
	"city_id" text NOT NULL,
	"zone_id" text NOT NULL,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"lat" double precision NOT NULL,
	"lng" double precision NOT NULL,
	"radius_m" integer NOT NULL,
	"status" text DEFAULT 'ACTIVE' NOT NULL,
	"max_capacity" integer NOT NULL,
	"average_fulfilment_minutes" integer NOT NULL,
	"delivery_fee_minor" bigint NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stores_id_check" CHECK ("stores"."id" ~ '^sto_[0-9A-HJKMNP-TV-Z]{26}$'),
	CONSTRAINT "stores_lat_lng_check" CHECK ("stores"."lat" BETWEEN -90 AND 90 AND "stores"."lng" BETWEEN -180 AND 180),
	CONSTRAINT "stores_radius_m_check" CHECK ("stores"."radius_m" BETWEEN 1 AND 50000),
	CONSTRAINT "stores_status_check" CHECK ("stores"."status" IN ('ACTIVE', 'INACTIVE', 'CLOSED')),
	CONSTRAINT "stores_max_capacity_check" CHECK ("stores"."max_capacity" > 0),
	CONSTRAINT "stores_delivery_fee_minor_check" CHECK ("stores"."delivery_fee_minor" >= 0),
	CONSTRAINT "stores_average_fulfilment_minutes_check" CHECK ("stores"."average_fulfilment_minutes" BETWEEN 1 AND 240)
);
--> statement-breakpoint
CREATE TABLE "subject_sequences" (
	"group" text NOT NULL,
	"topic" text NOT NULL,
	"subject" text NOT NULL,
	"sequence" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subject_sequences_group_topic_subject_pk" PRIMARY KEY("group","topic","subject"),
	CONSTRAINT "subject_sequences_sequence_check" CHECK ("subject_sequences"."sequence" > 0)
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"phone" text NOT NULL,
	"email" text,
	"name" text NOT NULL,
	"password_hash" text,
	"role" text DEFAULT 'CUSTOMER' NOT NULL,
	"status" text DEFAULT 'ACTIVE' NOT NULL,
	"store_id" text,
	"courier_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_phone_unique" UNIQUE("phone"),
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_courier_id_unique" UNIQUE("courier_id"),
	CONSTRAINT "users_id_check" CHECK ("users"."id" ~ '^usr_[0-9A-HJKMNP-TV-Z]{26}$'),
	CONSTRAINT "users_phone_check" CHECK ("users"."phone" ~ '^[+][1-9][0-9]{6,14}$'),
	CONSTRAINT "users_email_check" CHECK ("users"."email" = lower("users"."email") AND length("users"."email") <= 254),
	CONSTRAINT "users_name_check" CHECK (length("users"."name") BETWEEN 1 AND 100),
	CONSTRAINT "users_role_check" CHECK ("users"."role" IN ('CUSTOMER', 'STAFF', 'COURIER', 'OPERATOR')),
	CONSTRAINT "users_status_check" CHECK ("users"."status" IN ('ACTIVE', 'INACTIVE', 'SUSPENDED')),
	CONSTRAINT "users_store_id_check" CHECK (("users"."role" = 'STAFF') = ("users"."store_id" IS NOT NULL)),
	CONSTRAINT "users_courier_id_check" CHECK (("users"."role" = 'COURIER') = ("users"."courier_id" IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "zones" (
	"id" text PRIMARY KEY NOT NULL,
	"city_id" text NOT NULL,
	"name" text NOT NULL,
	"polygon" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "zones_id_check" CHECK ("zones"."id" ~ '^zon_[0-9A-HJKMNP-TV-Z]{26}$'),
	CONSTRAINT "zones_polygon_check" CHECK (coalesce("zones"."polygon" ->> 'type' = 'Polygon' AND jsonb_array_length("zones"."polygon" #> '{coordinates,0}') >= 4, false))
);
--> statement-breakpoint
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_city_id_cities_id_fk" FOREIGN KEY ("city_id") REFERENCES "public"."cities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "barcodes" ADD CONSTRAINT "barcodes_sku_products_id_fk" FOREIGN KEY ("sku") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog_versions" ADD CONSTRAINT "catalog_versions_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "categories" ADD CONSTRAINT "categories_parent_id_categories_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "couriers" ADD CONSTRAINT "couriers_zone_id_zones_id_fk" FOREIGN KEY ("zone_id") REFERENCES "public"."zones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_assortment" ADD CONSTRAINT "store_assortment_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_assortment" ADD CONSTRAINT "store_assortment_sku_products_id_fk" FOREIGN KEY ("sku") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stores" ADD CONSTRAINT "stores_city_id_cities_id_fk" FOREIGN KEY ("city_id") REFERENCES "public"."cities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stores" ADD CONSTRAINT "stores_zone_id_zones_id_fk" FOREIGN KEY ("zone_id") REFERENCES "public"."zones"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_courier_id_couriers_id_fk" FOREIGN KEY ("courier_id") REFERENCES "public"."couriers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "zones" ADD CONSTRAINT "zones_city_id_cities_id_fk" FOREIGN KEY ("city_id") REFERENCES "public"."cities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "addresses_user_id_default_index" ON "addresses" USING btree ("user_id") WHERE "addresses"."is_default";--> statement-breakpoint
CREATE UNIQUE INDEX "addresses_user_id_label_index" ON "addresses" USING btree ("user_id","label");--> statement-breakpoint
CREATE INDEX "barcodes_sku_index" ON "barcodes" USING btree ("sku");--> statement-breakpoint
CREATE INDEX "categories_parent_id_index" ON "categories" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "couriers_zone_id_status_index" ON "couriers" USING btree ("zone_id","status");--> statement-breakpoint
CREATE INDEX "dead_letters_parked_subject_index" ON "dead_letters" USING btree ("group","topic","subject") WHERE "dead_letters"."status" = 'PARKED';--> statement-breakpoint
CREATE INDEX "dead_letters_status_parked_at_index" ON "dead_letters" USING btree ("status","parked_at");--> statement-breakpoint
CREATE INDEX "order_lines_sku_index" ON "order_lines" USING btree ("sku");--> statement-breakpoint
CREATE INDEX "order_status_history_status_changed_at_index" ON "order_status_history" USING btree ("status","changed_at");--> statement-breakpoint
CREATE INDEX "orders_customer_id_created_at_index" ON "orders" USING btree ("customer_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_status_created_at_index" ON "orders" USING btree ("status","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_store_id_created_at_index" ON "orders" USING btree ("store_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_courier_id_created_at_index" ON "orders" USING btree ("courier_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_created_at_index" ON "orders" USING btree ("created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "payments_status_updated_at_index" ON "payments" USING btree ("status","updated_at");--> statement-breakpoint
CREATE INDEX "payments_provider_provider_ref_index" ON "payments" USING btree ("provider","provider_ref");--> statement-breakpoint
CREATE INDEX "price_history_changed_at_index" ON "price_history" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "products_category_id_index" ON "products" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "stock_movements_store_id_moved_at_index" ON "stock_movements" USING btree ("store_id","moved_at");--> statement-breakpoint
CREATE INDEX "stock_movements_order_id_index" ON "stock_movements" USING btree ("order_id") WHERE "stock_movements"."order_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "store_assortment_sku_index" ON "store_assortment" USING btree ("sku");--> statement-breakpoint
CREATE INDEX "stores_city_id_index" ON "stores" USING btree ("city_id");--> statement-breakpoint
CREATE INDEX "stores_zone_id_index" ON "stores" USING btree ("zone_id");--> statement-breakpoint
CREATE INDEX "users_store_id_index" ON "users" USING btree ("store_id");--> statement-breakpoint
CREATE INDEX "zones_city_id_index" ON "zones" USING btree ("city_id");