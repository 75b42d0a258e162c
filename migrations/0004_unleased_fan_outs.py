from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0003_urgency")]

    initial = False

    operations = [
        ops.RemoveField(model_name="FanOut", name="lease_until"),
    ]
