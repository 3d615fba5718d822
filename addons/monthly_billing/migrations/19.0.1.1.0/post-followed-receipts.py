"""Receipts become e-mails that are followed up; open questions know their invoice."""


def migrate(cr, version):
    cr.execute(
        """SELECT FROM information_schema.columns
            WHERE table_name = 'account_move' AND column_name = 'receipt_state'"""
    )
    if not cr.rowcount:
        return
    cr.execute(
        """INSERT INTO mail_delivery
                  (res_model, res_id, purpose, recipient_id, delivery_state,
                   delivery_at, delivery_attempts, create_date, write_date)
           SELECT 'account.move', id, 'receipt', partner_id, receipt_state,
                  CASE receipt_state WHEN 'waiting' THEN now() AT TIME ZONE 'utc' END,
                  0, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
             FROM account_move
            WHERE receipt_state IS NOT NULL AND partner_id IS NOT NULL"""
    )
    cr.execute("ALTER TABLE account_move DROP COLUMN receipt_state")
    cr.execute(
        """UPDATE account_move AS move
              SET delivery_activity_id = activity.id
             FROM mail_activity AS activity
             JOIN ir_model_data AS type
               ON type.module = 'mail' AND type.name = 'mail_activity_data_email'
              AND type.res_id = activity.activity_type_id
            WHERE move.delivery_state = 'failed'
              AND activity.res_model = 'billing.period'
              AND activity.res_id = move.billing_period_id
              AND activity.active"""
    )
