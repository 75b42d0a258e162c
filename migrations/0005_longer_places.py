from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0004_unleased_fan_outs")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="FanOut",
            name="cursor",
            field=fields.CharField(default="", max_length=80),
        ),
    ]
