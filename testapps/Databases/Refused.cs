using System.Data;
using System.Data.Common;

namespace Databases;

/// <summary>Databases that nobody has here: a command whose connection is not open fails by itself.</summary>
static class Refused
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/sqlserver", (string name) => Use(new Microsoft.Data.SqlClient.SqlConnection("Server=tcp:sql.example,1444;Database=shop;User ID=me;Password=s3cret-password"), name));
        app.MapGet("/firebird", (string name) => Use(new FirebirdSql.Data.FirebirdClient.FbConnection("DataSource=fire.example;Database=shop;User=me;Password=s3cret-password"), name));
        app.MapGet("/sqlserver/procedure", () =>
        {
            using var connection = new Microsoft.Data.SqlClient.SqlConnection("Server=.;Database=shop");
            using var command = new Microsoft.Data.SqlClient.SqlCommand("dbo.CountReaders", connection) { CommandType = CommandType.StoredProcedure };
            return command.ExecuteScalar();
        });
        app.MapGet("/sqlserver/batch", async (string name) =>
        {
            using var connection = new Microsoft.Data.SqlClient.SqlConnection("Server=.;Database=shop");
            await using var batch = connection.CreateBatch();
            foreach (var text in (string[])[$"INSERT INTO Readers VALUES ('{name}')", "UPDATE Shelves SET Readers = Readers + 1"])
            {
                var command = batch.CreateBatchCommand();
                command.CommandText = text;
                batch.BatchCommands.Add(command);
            }
            return await batch.ExecuteNonQueryAsync();
        });
    }

    static async Task<object?> Use(DbConnection connection, string name)
    {
        await using (connection)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT [Name] FROM dbo.Readers WHERE Name = N'{name}'";
            return await command.ExecuteScalarAsync();
        }
    }
}
