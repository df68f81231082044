"""Codes that retailers' files carry and that are no goods, whoever says them."""

from django.db import migrations

NO_GOODS = {
    "POST": "Postage",
    "DOT": "Postage of web orders",
    "C2": "Carriage",
    "C3": "Carriage",
    "D": "Discount",
    "M": "Manual entry",
    "S": "Samples",
    "B": "Bad debt",
    "BANK CHARGES": "Bank charges",
    "AMAZONFEE": "Fee of a marketplace",
    "CRUK": "Commission to a charity",
    "ADJUST": "Adjustment by hand",
    "ADJUST2": "Adjustment by hand",
    "TEST001": "Test of a till",
    "TEST002": "Test of a till",
    "GIFT": "Gift voucher",
    "GIFT_0001_10": "Gift voucher",
    "GIFT_0001_20": "Gift voucher",
    "GIFT_0001_30": "Gift voucher",
    "GIFT_0001_40": "Gift voucher",
    "GIFT_0001_50": "Gift voucher",
    "GIFT_0001_60": "Gift voucher",
    "GIFT_0001_70": "Gift voucher",
    "GIFT_0001_80": "Gift voucher",
    "GIFT_0001_90": "Gift voucher",
}


def name_codes(apps, schema_editor):
    codes = apps.get_model("catalog", "NonGoodsCode")
    codes.objects.bulk_create(
        (codes(source="", folded=folded, meaning=meaning) for folded, meaning in NO_GOODS.items()),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_governance")]

    operations = [migrations.RunPython(name_codes, migrations.RunPython.noop)]
