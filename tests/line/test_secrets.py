"""Which lines hold a secret: by the name that a literal value is given with."""

from __future__ import annotations

from support.table import each_row

from arthas_cli.line.secrets import hide_secret, holds_secret


@each_row(
    "line",
    [
        "auth hunter2",
        "  auth --username ops hunter2",
        "'auth' hunter2",
        'au"th" hunter2',
        "\\auth hunter2",
        "Auth hunter2",
        "version\nauth hunter2",
        "\n\nauth hunter2",
        "version ; auth hunter2",
        ":raw auth hunter2",
        ":every 2s 'auth' hunter2",
        "sysprop db.password hunter2",
        ":set password hunter2",
        "profiler execute 'start,token=hunter2'",
        "mc --password hunter2 A.java",
        "ognl '@a.B@INSTANCE.setPassword(\"hunter2\")'",
        'ognl \'#{"user":"bob","password":"hunter2"}.size()\'',
        'ognl "#{\\"user\\":\\"bob\\",\\"password\\":\\"hunter2\\"}"',
        'ognl \'#{"db.password" : "hunter2"}\'',
        "ognl '#{\\'password\\':\\'hunter2\\'}'",
        'ognl #{\\"password\\":\\"hunter2\\"}',
        'vmtool --action getInstances --className a.B --express \'#{"token":"x1"}.size()\'',
        "vmtool --action getInstances --className a.B --express='instances[0].setSecret(\"x\")'",
        "watch a.B m params 'params[0].password==\"hunter2\"'",
        "watch a.B m params 'params[0].getPassword().equals(\"hunter2\")'",
        "watch a.B m params '\"hunter2\".equals(params[0].password)'",
        "watch a.B m params '\"hunter2\"==params[0].password'",
        "watch a.B m params params[0]['\"token\"']==\\'x1\\'",
        'tt -s \'params[0].get("apiKey")=="k1"\'',
        "watch a.B m params 'checkPassword(\"hunter2\")'",
        'ognl \'#m.put("password", "hunter2")\'',
        'ognl \'@java.lang.System@setProperty("db.password","hunter2")\'',
        "ognl '#password=\"hunter2\",@a.B@login(#password)'",
        "ognl '{password:\"hunter2\"}'",
        'echo {"user":"bob","userPwd":"x"}',
        "echo token: abc",
        "echo Authorization: Basic b3BzOng=",
        "echo 'bearer abc123def456'",
        "echo -Dspring.datasource.password=hunter2",
        "echo DB_PASS=hunter2",
        "echo userPass=hunter2",
        "echo api-key=k1",
        "vmtool --api-key k1",
        "sysprop spring.datasource.url jdbc:mysql://root:hunter2@db/shop",
        ":raw sysprop db.password hunter2",
        ":every 2s sysprop api.key k1",
        "version;sysprop db.password hunter2",
        "thread|grep password=hunter2",
        "version & ; auth hunter2",
        "atuh hunter2",
        "watch a.B m params&&password==\\'hunter2\\'",
    ],
)
def test_a_password_is_found_however_its_command_is_written(line: str) -> None:
    assert holds_secret(line)


@each_row("line", ["", "  ", "version", "help auth", "authority x"])
def test_other_lines_hold_no_secret(line: str) -> None:
    assert not holds_secret(line)


@each_row(
    "line",
    [
        "sc *auth*",
        "sysprop db.password",
        "sc *PasswordEncoder -d",
        "watch a.PasswordService check 'params[0].password==null' -n 5",
        "watch a.TokenStore getToken returnObj",
        ":set format json",
        "sysprop db.password | grep x",
        "sysprop db.password|cat",
        "sysprop user.name token",
        "jad a.TokenService refreshToken",
        "watch a.B m 'params[0].token' 'params[0].password==null||returnObj.token!=params[1]'",
        "watch a.B m '{params[0].password,returnObj.token}' '#cost>10' -x 2",
        "watch a.B m 'params[0]!=null?password:returnObj'",
        "watch a.B m 'params[0]!=null ? token : null'",
        "watch a.B m params 'params[0].token.length()>5'",
        "watch a.B m params 'params[0].token != \"\"'",
        "watch a.B m params 'params[0].equals(\"hunter2\")'",
        "watch a.B login params 'method.name==\"checkPassword\"'",
        "ognl '@a.TokenStore@get(\"x\")'",
        "ognl '#m.get(\"password\")'",
        "ognl '#token=params[0].token,#token.length()'",
        'ognl \'#{"user":"bob","tokens":5}\'',
        "line a.TokenFilter:12",
        "stack a.B bypass 'compass==\"x\"'",
        "getstatic a.B password",
        "logger --name a.TokenFilter --level debug",
        "mbean Catalina:type=TokenManager,name=x",
        "tt -t a.TokenService checkToken",
        "sc -E .*(Token|Secret).*",
        "pwd",
        "pwd ; version",
        "cat /etc/passwd",
        "echo http://shop:8080/x",
        "sysprop passed.tests 5",
        "monitor -c 5 a.PasswordEncoder matches",
    ],
)
def test_a_line_that_only_speaks_of_secrets_holds_none(line: str) -> None:
    assert not holds_secret(line)


def test_of_a_line_with_a_secret_its_command_alone_is_shown_again() -> None:
    assert hide_secret("auth hunter2") == "auth …"
    assert hide_secret("watch a.B m 'password==\"x\"'") == "watch …"
    assert hide_secret("watch a.B m params") == "watch a.B m params"
