package io.poolwise.sample.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lines over seconds, as SVG.
 *
 * @param title what is shown
 * @param series the lines by name, one value a second
 * @param marks horizontal lines by name
 */
record LineChart(String title, Map<String, List<Double>> series, Map<String, Double> marks) {

	private static final int WIDTH = 860;

	private static final int HEIGHT = 360;

	private static final int LEFT = 56;

	private static final int RIGHT = 190;

	private static final int TOP = 36;

	private static final int BOTTOM = 36;

	private static final int STEPS = 5;

	/** Okabe and Ito's colours, which people of all kinds of sight can tell apart. */
	private static final List<String> COLOURS = List.of("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7",
			"#56B4E9", "#8A6D00", "#555555");

	/** The drawing. */
	String svg() {
		int seconds = this.series.values().stream().mapToInt(List::size).max().orElse(1);
		double highest = Math.max(
				this.series.values().stream().flatMap(List::stream).mapToDouble(Double::doubleValue).max().orElse(1),
				this.marks.values().stream().mapToDouble(Double::doubleValue).max().orElse(1));
		double top = nice(highest);
		StringBuilder svg = new StringBuilder();
		svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" ".formatted(WIDTH, HEIGHT))
			.append("font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n")
			.append("<title>")
			.append(escape(this.title))
			.append("</title>\n")
			.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n")
			.append(text(LEFT, 22, "start", this.title, "#111"));
		for (int i = 0; i <= STEPS; i++) {
			double value = top * i / STEPS;
			svg.append(line(value, top, "#ddd", ""))
				.append(text(LEFT - 6, y(value, top) + 4, "end", label(value), "#444"));
			int second = seconds * i / STEPS;
			svg.append(text(x(second, seconds), HEIGHT - BOTTOM + 18, "middle", second + " s", "#444"));
		}
		this.marks.forEach((name, value) -> svg.append(line(value, top, "#111", " stroke-dasharray=\"5 4\""))
			.append(text(LEFT + 4, y(value, top) - 3, "start", name + " " + label(value), "#111")));
		int index = 0;
		for (Map.Entry<String, List<Double>> entry : this.series.entrySet()) {
			String colour = COLOURS.get(index % COLOURS.size());
			svg.append(polyline(entry.getValue(), seconds, top, colour))
				.append(text(WIDTH - RIGHT + 14, TOP + 14 + 20 * index, "start", "\u2014 " + entry.getKey(), colour));
			index++;
		}
		return svg.append("</svg>\n").toString();
	}

	private static String polyline(List<Double> values, int seconds, double top, String colour) {
		StringBuilder points = new StringBuilder();
		for (int i = 0; i < values.size(); i++) {
			points.append(number(x(i, seconds))).append(',').append(number(y(values.get(i), top))).append(' ');
		}
		return "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" points=\"%s\"/>%n".formatted(colour,
				points.toString().strip());
	}

	private static String line(double value, double top, String colour, String more) {
		String height = number(y(value, top));
		return "<line x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\" stroke=\"%s\"%s/>%n".formatted(LEFT, WIDTH - RIGHT,
				height, height, colour, more);
	}

	private static String text(double x, double y, String anchor, String text, String colour) {
		return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n".formatted(number(x), number(y),
				anchor, colour, escape(text));
	}

	private static double x(int second, int seconds) {
		return LEFT + (double) (WIDTH - LEFT - RIGHT) * second / Math.max(1, seconds);
	}

	private static double y(double value, double top) {
		return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
	}

	/** The next of 1, 2, 2.5 and 5 times a power of ten that is a good end of an axis. */
	private static double nice(double highest) {
		double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, highest))));
		for (double factor : new double[] { 1, 1.25, 1.5, 2, 2.5, 5 }) {
			if (factor * power >= highest * 1.02) {
				return factor * power;
			}
		}
		return 10 * power;
	}

	private static String label(double value) {
		return (value == Math.rint(value)) ? String.valueOf((long) value) : number(value);
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, "%.1f", value);
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

}
