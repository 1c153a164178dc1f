using Agent.Viewer.Pages;

namespace Agent.Viewer.Tests.Pages;

[TestClass]
public sealed class CallTreeTests
{
    [TestMethod]
    public void Many_requests_are_added_up_place_by_place()
    {
        var tree = new CallTree([Sample.Page(1, 0, 20).ToTrace(), Sample.Page(2, 0, 40).ToTrace()]);

        Assert.AreEqual(2, tree.Requests);
        var query = tree.InOrder.Single(static place => place.Name == "SELECT Products");
        Assert.AreEqual((28, 33_600_000UL, 33_600_000UL), (query.Count, query.TotalNano, query.SelfNano));
        Assert.AreEqual(60_000_000UL, tree.Top.WidthNano);
    }

    [TestMethod]
    public void A_line_of_the_flame_graph_is_never_wider_than_the_one_above()
    {
        var sample = new Sample(1);
        var root = sample.AddRequest("GET /", 0, 1000);
        sample.AddQuery(root, "SELECT A", 0, 900);
        sample.AddQuery(root, "SELECT B", 0, 900); // beside the first

        var boxes = FlameGraph.Of(new CallTree([sample.ToTrace()]));

        Assert.AreEqual("0 GET / 0-1000, 1 SELECT A 0-473.7, 1 SELECT B 473.7-947.4",
            string.Join(", ", boxes.OrderBy(static box => box.Line).ThenBy(static box => box.X).Select(static box => FormattableString.Invariant($"{box.Line} {box.Place.Name} {box.X:0.#}-{box.X + box.Width:0.#}"))));
    }

    [TestMethod]
    public void Two_trees_are_compared_place_by_place()
    {
        var (before, after) = (new Sample(1), new Sample(2));
        foreach (var sample in (Sample[])[before, after])
        {
            var root = sample.AddRequest("GET /", 0, 1000);
            sample.AddHook(root, "middleware A", 10, 20);
            if (sample == before)
                sample.AddQuery(root, "SELECT Old", 30, 40);
            sample.AddHook(root, "middleware B", 50, 60);
            if (sample == after)
                sample.AddQuery(root, "SELECT New", 70, 80);
        }

        var rows = ComparePage.Compare(new CallTree([before.ToTrace()]), new CallTree([after.ToTrace()]));

        Assert.AreEqual("1 GET / both, 2 middleware A both, 2 SELECT Old only A, 2 middleware B both, 2 SELECT New only B",
            string.Join(", ", rows.Select(static row => $"{row.Level} {row.Place.Name} {(row.A is null ? "only B" : row.B is null ? "only A" : "both")}")));
    }
}
