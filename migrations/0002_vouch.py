from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import Instant
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Integration',
            name='vouch_at',
            field=Instant(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Integration',
            index=Index(fields=['vouch_at']),
        ),
    ]
