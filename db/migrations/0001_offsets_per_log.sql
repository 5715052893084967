-- The default fills the rows there are, which are of the embedded log; it goes again, so that nobody forgets the column.
ALTER TABLE "consumer_offsets" ADD COLUMN "log" text DEFAULT 'embedded' NOT NULL;--> statement-breakpoint
ALTER TABLE "consumer_offsets" ALTER COLUMN "log" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "consumer_offsets" DROP CONSTRAINT "consumer_offsets_group_topic_partition_pk";--> statement-breakpoint
ALTER TABLE "consumer_offsets" ADD CONSTRAINT "consumer_offsets_group_log_topic_partition_pk" PRIMARY KEY("group","log","topic","partition");--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "log" text DEFAULT 'embedded' NOT NULL;--> statement-breakpoint
ALTER TABLE "dead_letters" ALTER COLUMN "log" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "dead_letters" DROP CONSTRAINT "dead_letters_group_topic_partition_record_offset_pk";--> statement-breakpoint
ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_group_log_topic_partition_record_offset_pk" PRIMARY KEY("group","log","topic","partition","record_offset");
