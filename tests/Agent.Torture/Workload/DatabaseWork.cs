using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Agent.Torture.Workload;

/// <summary>Entity Framework Core on an SQLite database in memory: schema, inserts, queries of many shapes, updates, transactions, errors.</summary>
static class DatabaseWork
{
    public static async Task Run(Transcript to)
    {
        to.Section("database");
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        var options = new DbContextOptionsBuilder<Library>().UseSqlite(connection).Options;
        await using (var library = new Library(options))
            await Fill(to, library);
        await using (var library = new Library(options))
            await Query(to, library);
        await using (var library = new Library(options))
            await Change(to, library);
        await Fail(to, options);
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*), max(Title) from Volumes where AuthorId = $author";
        command.Parameters.AddWithValue("$author", 1);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        to.Add("plain", $"{reader.GetInt64(0)} {reader.GetString(1)}");
    }

    static async Task Fill(Transcript to, Library library)
    {
        to.Add("created", await library.Database.EnsureCreatedAsync());
        for (var number = 1; number <= 5; number++)
        {
            library.Add(new Author
            {
                Name = $"author {number}",
                Address = new Address { City = number % 2 == 0 ? "Rome" : "Oslo" },
                Volumes = [.. Enumerable.Range(1, number).Select(volume => new Volume { Title = $"volume {number}.{volume}", Price = volume * 1.5m, Printed = new DateOnly(2000 + volume, 1, 1) })],
            });
        }
        to.Add("saved", await library.SaveChangesAsync());
    }

    static async Task Query(Transcript to, Library library)
    {
        to.Add("where", await library.Volumes.Where(volume => volume.Title.Contains("3.") && volume.Printed.Year > 2001).OrderBy(volume => volume.Id).Select(volume => volume.Title).ToListAsync());
        to.Add("include", (await library.Authors.Include(author => author.Volumes).OrderByDescending(author => author.Id).FirstAsync()).Volumes.Count);
        to.Add("group", (await library.Volumes.GroupBy(volume => volume.Author!.Name).Select(group => new { group.Key, Count = group.Count(), Longest = group.Max(volume => volume.Title.Length) }).OrderBy(item => item.Key).ToListAsync()).Select(item => $"{item}"));
        to.Add("join", await library.Authors.Where(author => author.Address.City == "Rome").SelectMany(author => author.Volumes, (author, volume) => author.Name + "/" + volume.Title).OrderBy(text => text).Skip(1).Take(3).ToListAsync());
        to.Add("any", await library.Authors.CountAsync(author => author.Volumes.Any(volume => volume.Id > 10)));
        to.Add("split", (await library.Authors.AsNoTracking().AsSplitQuery().Include(author => author.Volumes).ToListAsync()).Sum(author => author.Volumes.Count));
        to.Add("sql", library.Volumes.Where(volume => volume.Id > 2).OrderBy(volume => volume.Title).ToQueryString());
        to.Add("raw", (await library.Authors.FromSql($"select * from Authors where Id = {3}").SingleAsync()).Name);
        to.Add("found", (await library.Authors.FindAsync(2))?.Name);
        to.Add("model", library.Model.GetEntityTypes().Select(type => type.ClrType.Name).Order());
    }

    static async Task Change(Transcript to, Library library)
    {
        var author = await library.Authors.Include(item => item.Volumes).SingleAsync(item => item.Id == 4);
        author.Name = "renamed";
        author.Volumes.RemoveAt(0);
        author.Volumes.Add(new Volume { Title = "added" });
        to.Add("tracked", library.ChangeTracker.Entries().Count(entry => entry.State != EntityState.Unchanged));
        to.Add("changed", await library.SaveChangesAsync());
        to.Add("bulk", await library.Volumes.Where(volume => volume.Id < 4).ExecuteUpdateAsync(set => set.SetProperty(volume => volume.Title, volume => volume.Title + "!")));
        await using (var transaction = await library.Database.BeginTransactionAsync())
        {
            await library.Volumes.ExecuteDeleteAsync();
            await transaction.RollbackAsync();
        }
        to.Add("after rollback", await library.Volumes.CountAsync());
    }

    static async Task Fail(Transcript to, DbContextOptions<Library> options)
    {
        await to.ThrowsAsync("not unique", async () =>
        {
            await using var library = new Library(options);
            library.Add(new Author { Name = "author 1", Address = new Address { City = "Bern" } });
            await library.SaveChangesAsync();
        });
        await to.ThrowsAsync("concurrency", async () =>
        {
            await using var library = new Library(options);
            library.Remove(new Volume { Id = 12345, Title = "nowhere" });
            await library.SaveChangesAsync();
        });
        await to.ThrowsAsync("not translated", async () =>
        {
            await using var library = new Library(options);
            await library.Volumes.Where(volume => Local(volume.Title)).ToListAsync();
        });
        await to.ThrowsAsync("two", async () =>
        {
            await using var library = new Library(options);
            await library.Authors.SingleAsync();
        });
        await to.ThrowsAsync("bad sql", async () =>
        {
            await using var library = new Library(options);
            await library.Database.ExecuteSqlRawAsync("drop nothing");
        });
    }

    static bool Local(string text) => text.Length > 3;
}

sealed class Library(DbContextOptions<Library> options) : DbContext(options)
{
    public DbSet<Author> Authors => Set<Author>();

    public DbSet<Volume> Volumes => Set<Volume>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Author>().HasIndex(author => author.Name).IsUnique();
        modelBuilder.Entity<Author>().OwnsOne(author => author.Address);
        modelBuilder.Entity<Volume>().Property(volume => volume.Price).HasConversion<double>();
    }
}

sealed class Author
{
    public int Id { get; set; }
    public required string Name { get; set; }
    public required Address Address { get; set; }
    public List<Volume> Volumes { get; init; } = [];
}

sealed class Address
{
    public required string City { get; set; }
}

sealed class Volume
{
    public int Id { get; set; }
    public required string Title { get; set; }
    public decimal Price { get; set; }
    public DateOnly Printed { get; set; }
    public int AuthorId { get; set; }
    public Author? Author { get; set; }
}
