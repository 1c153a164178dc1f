using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Databases;

/// <summary>PostgreSQL by Npgsql, and by EF Core on it.</summary>
static class Postgres
{
    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString("Postgres") is not { } connection)
            return;
        builder.Services.AddSingleton(NpgsqlDataSource.Create(connection));
        builder.Services.AddDbContext<ReadersContext>((services, options) => options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));
    }

    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<NpgsqlDataSource>() is not { } source)
            return;
        app.MapGet("/postgres", async (string name) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var create = new NpgsqlCommand("CREATE TABLE IF NOT EXISTS readers (id serial PRIMARY KEY, name text NOT NULL)", connection);
            await create.ExecuteNonQueryAsync();
            await using var insert = new NpgsqlCommand("INSERT INTO readers (name) VALUES (@name)", connection) { Parameters = { new("name", name) } };
            await insert.ExecuteNonQueryAsync();
            await using var select = new NpgsqlCommand($"SELECT count(*) FROM readers WHERE name = '{name}'", connection);
            return await select.ExecuteScalarAsync();
        });
        app.MapGet("/postgres/missing", () =>
        {
            using var connection = source.OpenConnection();
            using var command = new NpgsqlCommand("SELECT name FROM missing WHERE id = 4711", connection);
            return command.ExecuteScalar();
        });
        app.MapGet("/postgres/batch", async () =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("UPDATE readers SET name = 'none' WHERE id = 0"), new("DELETE FROM readers WHERE id = 0") } };
            return await batch.ExecuteNonQueryAsync();
        });
        app.MapGet("/postgres/wrapped", async () =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = new CountingCommand(new NpgsqlCommand("SELECT 4711", connection));
            return await command.ExecuteScalarAsync();
        });
        app.MapGet("/postgres/ef", async (string name, ReadersContext readers) =>
        {
            readers.Add(new Reader { Name = name });
            await readers.SaveChangesAsync();
            return await readers.Readers.CountAsync(reader => reader.Name == name);
        });
    }
}

/// <summary>The same table for EF Core.</summary>
sealed class ReadersContext(DbContextOptions<ReadersContext> options) : DbContext(options)
{
    public DbSet<Reader> Readers => Set<Reader>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Reader>(reader =>
    {
        reader.ToTable("readers");
        reader.Property(item => item.Id).HasColumnName("id");
        reader.Property(item => item.Name).HasColumnName("name");
    });
}

sealed class Reader
{
    public int Id { get; set; }

    public required string Name { get; set; }
}
