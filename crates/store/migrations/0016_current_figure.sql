-- What is asked of the figures that stand, most often one reporter's quarter, is looked up by an index: a
-- condition goes into a window only where the window is partitioned by its column. The name of a figure says
-- its reporter, measure and period already, so that the partitions are what they were.

DROP VIEW current_figure;
CREATE VIEW current_figure AS
SELECT * FROM (
    SELECT figure.*, return_file.standing AS standing,
        return_file.definition_version AS definition_version,
        ROW_NUMBER() OVER (
            PARTITION BY figure.reporter, figure.quarter, figure.measure, figure.figure_id,
                return_file.standing
            ORDER BY COALESCE(figure.as_of, '') DESC, figure.return_id DESC
        ) AS place_in_line
    FROM figure JOIN return_file ON return_file.id = figure.return_id
    WHERE return_file.state = 'accepted'
) AS in_line WHERE place_in_line = 1;
