-- +goose Up
-- A GeoPackage 1.3 (OGC 12-128r17). The change log and the cases are the truth; the
-- layers below repeat the log's newest records, so that a GIS opens them as they are.
PRAGMA application_id = 1196444487; -- "GPKG"
PRAGMA user_version = 10300;

CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', 'longitude, latitude in degrees');

CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);

-- The change log: one row for every accepted change, without holes. record is the
-- wire form of the house, NULL for a deletion and for a case.
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY NOT NULL, at DATETIME NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  deleted BOOLEAN NOT NULL, record TEXT
);

-- Cases. fid is the sequence number of the change that filed the case; lists are
-- separated by | and have one at both ends.
CREATE TABLE cases (
  fid INTEGER PRIMARY KEY NOT NULL, geom POINT, id TEXT NOT NULL UNIQUE, district TEXT NOT NULL,
  source TEXT NOT NULL, key TEXT NOT NULL, category TEXT NOT NULL, said_category TEXT NOT NULL, text TEXT NOT NULL, address TEXT NOT NULL,
  said_lon DOUBLE, said_lat DOUBLE, said_datum TEXT, accuracy_m DOUBLE, known DATETIME, attachments TEXT,
  street TEXT NOT NULL, cell TEXT NOT NULL, hex TEXT NOT NULL, hotspots TEXT NOT NULL, lead TEXT NOT NULL,
  standing TEXT NOT NULL, state TEXT NOT NULL, at DATETIME NOT NULL, filed_at DATETIME NOT NULL, due DATETIME,
  UNIQUE (source, key)
);
-- The certificate as it was first answered, byte for byte.
CREATE TABLE certificates (fid INTEGER PRIMARY KEY NOT NULL, certificate TEXT NOT NULL);
-- Personal data stands alone, so that it can be kept from others and be deleted.
CREATE TABLE reporters (fid INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL);

CREATE TABLE areas (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, record_key TEXT NOT NULL UNIQUE,
  code TEXT, name TEXT, name_en TEXT, level TEXT, residents INTEGER, valid_from DATETIME, valid_to DATETIME, basis TEXT);
CREATE TABLE borders (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom LINESTRING, record_key TEXT NOT NULL UNIQUE,
  id TEXT, "left" TEXT, "right" TEXT, outside TEXT, along TEXT, valid_from DATETIME, valid_to DATETIME, basis TEXT);
CREATE TABLE hotspots (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY, record_key TEXT NOT NULL UNIQUE,
  id TEXT, name TEXT, name_en TEXT, kind TEXT, reach REAL, road TEXT, streets TEXT, lead TEXT, schedule TEXT, valid_from DATETIME, valid_to DATETIME, phrase TEXT, basis TEXT, assumed BOOLEAN);
CREATE TABLE roads (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom LINESTRING, record_key TEXT NOT NULL UNIQUE,
  name TEXT, name_en TEXT, class TEXT, streets TEXT, error REAL, basis TEXT);
CREATE TABLE places (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, record_key TEXT NOT NULL UNIQUE,
  id TEXT, name TEXT, aliases TEXT, kind TEXT, address TEXT, street TEXT, basis TEXT, valid_from DATETIME, valid_to DATETIME);
CREATE TABLE crossings (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, record_key TEXT NOT NULL UNIQUE,
  road_a TEXT, road_b TEXT, error REAL, basis TEXT);
CREATE TABLE doors (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, record_key TEXT NOT NULL UNIQUE,
  road TEXT, number INTEGER, suffix TEXT, street TEXT, basis TEXT);
CREATE TABLE backdrop (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY, record_key TEXT NOT NULL UNIQUE,
  id TEXT, layer TEXT, name TEXT, props TEXT, basis TEXT);
CREATE TABLE units (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, record_key TEXT NOT NULL UNIQUE,
  id TEXT, name TEXT, name_en TEXT, "full" TEXT, kind TEXT, street TEXT, valid_from DATETIME, valid_to DATETIME, note TEXT, basis TEXT);
CREATE TABLE duties (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, record_key TEXT NOT NULL UNIQUE,
  id TEXT, hotspot TEXT, hotspot_kind TEXT, street TEXT, category TEXT, "group" TEXT, "window" TEXT, closed BOOLEAN, lead TEXT, assist TEXT, "limit" TEXT, basis TEXT, basis_en TEXT, assumed BOOLEAN, valid_from DATETIME, valid_to DATETIME);
CREATE TABLE categories (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, record_key TEXT NOT NULL UNIQUE,
  code TEXT, name TEXT, name_en TEXT, "group" TEXT, group_en TEXT, type TEXT, tags TEXT, words TEXT, "limit" TEXT, basis TEXT);
CREATE TABLE calendar (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, record_key TEXT NOT NULL UNIQUE,
  date TEXT, "off" BOOLEAN, name TEXT, basis TEXT);
CREATE TABLE campaigns (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, record_key TEXT NOT NULL UNIQUE,
  campaign TEXT, campaign_name TEXT, period TEXT, place_kind TEXT, id TEXT, name TEXT, name_en TEXT, value TEXT, unit TEXT, approx BOOLEAN, basis TEXT);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('cases', 'features', 'cases', 'Filed reports; personal data is not here', 4326),
  ('areas', 'features', 'areas', 'Districts, street offices, committees, imported cells', 4326),
  ('borders', 'features', 'borders', 'Lines of the network that areas are assembled from', 4326),
  ('hotspots', 'features', 'hotspots', 'Managed places; reach in metres', 4326),
  ('roads', 'features', 'roads', 'Centre lines; error in metres', 4326),
  ('places', 'features', 'places', 'Landmarks', 4326),
  ('crossings', 'features', 'crossings', 'Where two roads meet', 4326),
  ('doors', 'features', 'doors', 'House-number anchors', 4326),
  ('backdrop', 'features', 'backdrop', 'Base map: drawn, never decided with', 4326),
  ('units', 'attributes', 'units', 'Who can be responsible', NULL),
  ('duties', 'attributes', 'duties', 'Rules: who leads', NULL),
  ('categories', 'attributes', 'categories', 'Matters that reports are about', NULL),
  ('calendar', 'attributes', 'calendar', 'Days off and make-up working days', NULL),
  ('campaigns', 'attributes', 'campaigns', 'Figures of campaigns, as stated', NULL),
  ('changes', 'attributes', 'changes', 'The change log', NULL),
  ('certificates', 'attributes', 'certificates', 'The explained answer of each case', NULL);
INSERT INTO gpkg_geometry_columns VALUES
  ('cases', 'geom', 'POINT', 4326, 0, 0),
  ('areas', 'geom', 'MULTIPOLYGON', 4326, 0, 0),
  ('borders', 'geom', 'LINESTRING', 4326, 0, 0),
  ('hotspots', 'geom', 'GEOMETRY', 4326, 0, 0),
  ('roads', 'geom', 'LINESTRING', 4326, 0, 0),
  ('places', 'geom', 'POINT', 4326, 0, 0),
  ('crossings', 'geom', 'POINT', 4326, 0, 0),
  ('doors', 'geom', 'POINT', 4326, 0, 0),
  ('backdrop', 'geom', 'GEOMETRY', 4326, 0, 0);

-- The R-tree of cases, with the triggers of the GeoPackage 1.3 RTree Spatial Indexes extension.
INSERT INTO gpkg_extensions VALUES ('cases', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
CREATE VIRTUAL TABLE rtree_cases_geom USING rtree(id, minx, maxx, miny, maxy);
-- +goose StatementBegin
CREATE TRIGGER rtree_cases_geom_insert AFTER INSERT ON cases WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_cases_geom VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rtree_cases_geom_update1 AFTER UPDATE OF geom ON cases WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_cases_geom VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rtree_cases_geom_update2 AFTER UPDATE OF geom ON cases WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_cases_geom WHERE id = OLD.fid;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rtree_cases_geom_update3 AFTER UPDATE ON cases WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_cases_geom WHERE id = OLD.fid;
  INSERT OR REPLACE INTO rtree_cases_geom VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rtree_cases_geom_update4 AFTER UPDATE ON cases WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_cases_geom WHERE id IN (OLD.fid, NEW.fid);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rtree_cases_geom_delete AFTER DELETE ON cases WHEN old.geom NOT NULL
BEGIN
  DELETE FROM rtree_cases_geom WHERE id = OLD.fid;
END;
-- +goose StatementEnd
