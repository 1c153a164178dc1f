using System.Data.Common;

namespace Databases;

/// <summary>MySQL or MariaDB by each of the two libraries.</summary>
static class MariaDb
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration.GetConnectionString("MySql") is not { } connectionString)
            return;
        app.MapGet("/mysqlconnector", (string name) => Use(new MySqlConnector.MySqlConnection($"{connectionString};SslMode=None"), name));
        app.MapGet("/mysqlconnector/missing", () => Fail(new MySqlConnector.MySqlConnection($"{connectionString};SslMode=None")));
        app.MapGet("/mysqldata", (string name) => Use(new MySql.Data.MySqlClient.MySqlConnection($"{connectionString};SslMode=Disabled"), name));
        app.MapGet("/mysqldata/missing", () => Fail(new MySql.Data.MySqlClient.MySqlConnection($"{connectionString};SslMode=Disabled")));
    }

    static async Task<object?> Use(DbConnection connection, string name)
    {
        await using (connection)
        {
            await connection.OpenAsync();
            await using var create = Command(connection, "CREATE TABLE IF NOT EXISTS readers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100))");
            await create.ExecuteNonQueryAsync();
            await using var insert = Command(connection, "INSERT INTO readers (name) VALUES (@name)");
            var parameter = insert.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@name", name);
            insert.Parameters.Add(parameter);
            await insert.ExecuteNonQueryAsync();
            await using var select = Command(connection, $"SELECT COUNT(*) FROM readers WHERE name = \"{name}\" # of {name}");
            await using var reader = await select.ExecuteReaderAsync();
            await reader.ReadAsync();
            return reader.GetValue(0);
        }
    }

    static int Fail(DbConnection connection)
    {
        using (connection)
        {
            connection.Open();
            using var command = Command(connection, "UPDATE missing SET name = 'none'");
            return command.ExecuteNonQuery();
        }
    }

    static DbCommand Command(DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }
}
