using System.Data.Odbc;
using LiteDB;

namespace Workshop;

/// <summary>Databases in files: LiteDB, in memory, and SQLite by ODBC.</summary>
static class Stores
{
    static readonly LiteDatabase Database = new(":memory:");

    public static void Map(WebApplication app)
    {
        app.MapGet("/litedb", (string name) =>
        {
            var readers = Database.GetCollection<Reader>("readers");
            readers.EnsureIndex(reader => reader.Name);
            readers.Insert(new Reader { Name = name });
            readers.UpdateMany("{ Name: UPPER($.Name) }", BsonExpression.Create("Name = @0", name));
            return readers.FindOne(Query.EQ("Name", name.ToUpperInvariant())).Name;
        });
        app.MapGet("/litedb/twice", () =>
        {
            try
            {
                Database.GetCollection("books").Insert([new BsonDocument { ["_id"] = 1 }, new BsonDocument { ["_id"] = 1 }]);
                return "";
            }
            catch (LiteException e)
            {
                return $"{e.ErrorCode}";
            }
        });
        app.MapGet("/odbc", async (string name) =>
        {
            await using var connection = new OdbcConnection("Driver=SQLite3;Database=:memory:;PWD=s3cret-password");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT '{name}'";
            return await command.ExecuteScalarAsync();
        });
    }

    sealed class Reader
    {
        public int Id { get; set; }

        public string Name { get; set; } = "";
    }
}
