"""The bot's own name, commands and words of welcome."""

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, MenuButtonCommands

from bot.simulator import World

from .conftest import refused


async def test_who_am_i(bot: Bot, world: World) -> None:
    me = await bot.get_me()
    assert (me.full_name, me.username, me.is_bot) == ("群护", "qunhu_bot", True)
    assert me.can_read_all_group_messages is False
    world.can_read_all_group_messages = True
    assert (await bot.get_me()).can_read_all_group_messages


async def test_commands_per_scope_and_language(bot: Bot) -> None:
    scope = BotCommandScopeAllGroupChats()
    await bot.set_my_commands([BotCommand("help", "能做什么")])
    await bot.set_my_commands([("report", "举报")], scope=scope, language_code="zh")
    assert [one.command for one in await bot.get_my_commands()] == ["help"]
    assert [one.command for one in await bot.get_my_commands(scope, "zh")] == ["report"]
    await bot.delete_my_commands(scope, "zh")
    assert await bot.get_my_commands(scope, "zh") == ()


async def test_bad_commands(bot: Bot) -> None:
    with refused("BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("求助", "中文命令不行")])
    with refused("BOT_COMMAND_DESCRIPTION_INVALID"):
        await bot.set_my_commands([("help", "字" * 257)])


async def test_words_of_welcome(bot: Bot) -> None:
    await bot.set_my_description("我在群里帮忙看着")
    await bot.set_my_short_description("帮忙看着")
    await bot.set_my_name("群护（试用）")
    assert (await bot.get_my_description()).description == "我在群里帮忙看着"
    assert (await bot.get_my_short_description()).short_description == "帮忙看着"
    assert (await bot.get_my_name()).name == "群护（试用）"
    with refused("BOT_DESCRIPTION_TOO_LONG"):
        await bot.set_my_description("字" * 513)


async def test_menu_button_and_farewells(bot: Bot) -> None:
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_chat_menu_button()).type == "commands"
    assert (await bot.get_user_profile_photos(1)).total_count == 0
    assert await bot.log_out()
    assert await bot.close()
