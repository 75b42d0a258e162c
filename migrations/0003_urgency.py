from tortoise import migrations
from tortoise.migrations import operations as ops
from models.access import Urgency
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_vouch')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Work',
            name='urgency',
            field=fields.IntEnumField(default=Urgency.EVENT, description='', db_default=1, enum_type=Urgency, generated=False),
        ),
        ops.RunSQL('UPDATE work SET urgency = 0 WHERE urgent'),
        ops.RemoveField(model_name='Work', name='urgent'),
        ops.AddIndex(
            model_name='Work',
            index=Index(fields=['urgency', 'due_at', 'guild_id']),
        ),
        ops.AddIndex(
            model_name='Work',
            index=Index(fields=['guild_id', 'due_at']),
        ),
    ]
